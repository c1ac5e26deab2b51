import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { CID } from 'multiformats/cid';
import type { ArticleDocument } from '../../article/document.ts';
import { toMarkdown } from '../../bundle/to-markdown.ts';
import type { Repository } from '../../repo/repository.ts';
import { createFile, locate, sourcePath } from '../../repo/source-files.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { readBundleFile } from '../read-article.ts';

/** A picture that a restored source refers to. */
export interface RestoredMedia {
  /** Relative to the repository. */
  path: string;
  /** `kept`: a file was there; `outside`: it would lie outside of the repository, and is left to its owner. */
  status: 'restored' | 'kept' | 'outside';
}

/** The source of a published article, as its bundle still has it. */
export function restoreText(document: ArticleDocument): string {
  return toMarkdown(document);
}

/** Puts the pictures of a bundle where the restored source refers to them. What is there is never replaced. */
export async function restoreMedia(
  { repository, read }: { repository: Repository; read: BlockReader },
  source: string,
  { files }: ArticleDocument,
  bundle: string,
  dryRun: boolean,
): Promise<RestoredMedia[]> {
  const folder = dirname(locate(repository.dir, source));
  const restored: RestoredMedia[] = [];
  for (const { role, path, source: references = [] } of files) {
    if (role !== 'image') continue;
    for (const reference of references) {
      const file = resolve(folder, reference);
      const status = statusOf(repository.dir, file);
      restored.push({ path: sourcePath(repository.dir, file), status });
      if (status !== 'restored' || dryRun) continue;
      createFile(file, await readBundleFile(CID.parse(bundle), path, read));
    }
  }
  return restored;
}

function statusOf(root: string, file: string): RestoredMedia['status'] {
  if (existsSync(file)) return 'kept';
  const inside = relative(root, file);
  return inside.startsWith('..') || isAbsolute(inside) ? 'outside' : 'restored';
}
