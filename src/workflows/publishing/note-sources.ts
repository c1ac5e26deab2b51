import type { Repository } from '../../repo/repository.ts';
import type { SourceRecord } from '../../repo/source-index.ts';

/** A source whose file is now at another path. */
export interface MovedSource {
  id: string;
  from: string;
  to: string;
}

/** Notes, in the caller's transaction, how the files of published sources look and where those that were moved are. */
export function noteSources(
  { sources, articles }: Repository,
  records: readonly SourceRecord[],
  moved: readonly MovedSource[],
): void {
  for (const record of records) sources.put(record);
  for (const { id, from, to } of moved) {
    sources.forget(from);
    articles.moveSource(id, to);
  }
}
