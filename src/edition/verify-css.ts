/** verify.css: what verify.html adds to the paper's own style. */
export const VERIFY_CSS = `form p,
.hint {
  display: block;
}
label {
  display: block;
  font-weight: 600;
}
input {
  inline-size: 100%;
  padding: 0.45em 0.6em;
  border: 1px solid currentcolor;
  border-radius: 0.25rem;
  background: transparent;
  color: inherit;
  font:
    0.875em / 1.5 ui-monospace,
    Menlo,
    Consolas,
    monospace;
}
button {
  padding: 0.45em 1.2em;
  border: 1px solid currentcolor;
  border-radius: 0.25rem;
  background: transparent;
  color: inherit;
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
summary {
  cursor: pointer;
}
.hint {
  font-size: 0.8125em;
}
.checks {
  padding-inline-start: 1.5em;
}
.checks li,
.facts dd {
  margin-block-end: 0.5em;
  overflow-wrap: anywhere;
}
.checks,
.facts {
  font-size: 0.875em;
}
.facts dt {
  font-weight: 600;
}
.facts dd {
  margin-inline-start: 0;
  font-family: ui-monospace, Menlo, Consolas, monospace;
}
#verdict {
  margin-block: 1.5rem;
  padding: 0.8rem 1.1rem;
  border: 0.2rem solid;
  border-inline-start-width: 0.8rem;
  overflow-wrap: anywhere;
}
#verdict h2 {
  margin-block: 0 0.3em;
}
#verdict p {
  margin-block: 0;
}
.colour {
  font-size: 0.8125em;
  font-weight: 700;
  letter-spacing: 0.05em;
  text-transform: uppercase;
}
.green,
.pass strong {
  color: #17602d;
}
.amber,
.not-checked strong {
  color: #7a4b00;
}
.red,
.fail strong {
  color: #9c1c1c;
}
@media (prefers-color-scheme: dark) {
  .green,
  .pass strong {
    color: #8ad6a0;
  }
  .amber,
  .not-checked strong {
    color: #f0bf6c;
  }
  .red,
  .fail strong {
    color: #ff9d95;
  }
}
`;
