import { OvnError } from '../../errors.ts';
import type { Collection } from '../../ingest/foreign-post.ts';
import { type WordpressOptions, WordpressReader } from '../../ingest/wordpress.ts';
import { namingFile, type ReadEffects, readXml } from './read-xml.ts';

/**
 * All posts of a WordPress export.
 *
 * @throws OvnError as {@link readXml}; `malformed` for what is no export of WordPress.
 */
export async function readWordpress(
  file: string,
  options: WordpressOptions,
  effects: ReadEffects,
): Promise<Collection> {
  const reader = new WordpressReader(options);
  try {
    for await (const chunk of readXml(file, effects)) reader.write(chunk);
    const { isExport, collection } = reader.end();
    if (isExport) return collection;
  } catch (error) {
    throw namingFile(error, file);
  }
  throw new OvnError('malformed', `${file} is no export of WordPress`, {
    hint: 'In WordPress: Tools, Export, All content. A feed is read by ovn ingest feed.',
  });
}
