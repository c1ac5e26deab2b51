import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';

/** What Google's evaluator finds in a content security policy, each with its directive and value. */
export function findWeaknesses(policy: string): string[] {
  const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
  return findings.map(({ directive, value = '', description }) => `${directive} ${value}: ${description}`);
}
