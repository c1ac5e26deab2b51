import { ReaderMemories } from '../repo/reader-memory.ts';
import { readerStateDir } from '../repo/reader-state.ts';
import type { Repository } from '../repo/repository.ts';

/** What the reader remembers: in the repository, where there is one, else in the user's own folder. */
export function openMemories(repository: Repository | undefined): ReaderMemories {
  return new ReaderMemories(readerStateDir(repository?.stateDir, process.env));
}
