import { type Finding, OvnError } from '../../errors.ts';

/** What is found wrong with sources, of all of them together. */
export class SourceFindings {
  readonly warnings: Finding[];
  readonly #errors: Finding[] = [];

  constructor(warnings: Finding[]) {
    this.warnings = warnings;
  }

  add(finding: Finding): void {
    if (finding.severity === 'error') this.#errors.push(finding);
    else this.warnings.push(finding);
  }

  addError(file: string, message: string): void {
    this.add({ severity: 'error', file, line: 1, message });
  }

  /** Takes what was thrown over a source for a finding of it; throws on what is no fault of the source. */
  addThrown(error: unknown, source: string): void {
    if (!(error instanceof OvnError) || error.code === 'damaged') throw error;
    if (error.findings.length === 0) this.addError(source, error.message);
    for (const finding of error.findings) this.add(finding);
  }

  /** @throws {OvnError} `source` when there is any error. */
  requireNoErrors(): void {
    if (this.#errors.length === 0) return;
    const files = new Set(this.#errors.map(({ file }) => file)).size;
    const what = files === 1 ? '1 source has errors' : `${files} sources have errors`;
    throw new OvnError('source', `${what}; nothing was published`, {
      findings: [...this.#errors, ...this.warnings],
      hint: 'Mend what is named above and run it again.',
    });
  }
}
