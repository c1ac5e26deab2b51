export { previewCommand } from '../commands/preview.ts';
