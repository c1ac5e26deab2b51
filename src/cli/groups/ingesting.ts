export { ingestCommand } from '../commands/ingest.ts';
