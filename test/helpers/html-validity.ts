import { HtmlValidate } from 'html-validate';

/** Validity and accessibility; how the HTML is laid out is not judged, for it holds code as it was written. */
const validator = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] });

/** What html-validate says against a page, each with its line. */
export function invalid(html: string): string[] {
  const { results } = validator.validateStringSync(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`),
  );
}
