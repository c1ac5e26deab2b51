/** search.css: what search.html adds to the paper's own style. */
export const SEARCH_CSS = `[hidden] {
  display: none !important;
}
h1 {
  margin-block: 0.35em 0.4em;
  font-size: clamp(1.75em, 1.3em + 2.2vw, 2.5em);
  line-height: 1.12;
}
.search {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
}
.search label {
  inline-size: 100%;
  font-weight: 600;
}
.search input,
button {
  padding: 0.5em 0.8em;
  border: 1px solid currentcolor;
  border-radius: 0.25rem;
  background: transparent;
  color: inherit;
  font: inherit;
}
.search input {
  flex: 1 1 12rem;
  min-inline-size: 0;
}
button {
  font-weight: 600;
  cursor: pointer;
}
#status {
  min-block-size: 1.6em;
}
mark {
  background: transparent;
  color: inherit;
  font-weight: 700;
  text-decoration: underline;
  text-decoration-thickness: 0.12em;
}
`;
