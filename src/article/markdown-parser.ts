import MarkdownIt from 'markdown-it';
import { textRule } from './text-rule.ts';

/** CommonMark with tables and strikethrough; raw HTML is text, and nothing is made of bare addresses or quotes. */
export const markdownIt = new MarkdownIt('default', { html: false, linkify: false, typographer: false });
// Every address becomes a token, so that one rule of ours decides on it and can say what it left out.
markdownIt.validateLink = () => true;
markdownIt.inline.ruler.at('text', textRule);
