import type { CID } from 'multiformats/cid';
import { contentTypeOf } from '../../src/node/gateway/content-type.ts';
import { resolvePath } from '../../src/unixfs/directory.ts';
import { readFile } from '../../src/unixfs/file.ts';
import type { Answer, FetchBytes } from '../../src/verify-page/fetch-bytes.ts';
import { locate, type Question } from '../../src/verify-page/question.ts';
import { Report } from '../../src/verify-page/report.ts';
import { judge } from '../../src/verify-page/verdict.ts';
import { verify } from '../../src/verify-page/verify.ts';
import type { MemoryBlocks } from '../helpers/memory-blocks.ts';

export const GATEWAY = 'http://127.0.0.1:8080';
const NOTHING = new Uint8Array(0);

/** A question that leaves open what it does not say. */
export function questionOf(parts: Partial<Question> = {}): Question {
  return { id: '', what: '', root: '', gateway: '', ...parts };
}

/** What the page says of a question. */
export interface PageAnswer {
  colour: string;
  detail: string;
  /** Names of the first rule that does not hold, and of the first for which something did not come. */
  failed: string | undefined;
  missed: string | undefined;
  cid: string | undefined;
  lines: string[];
}

/** What the page says, without a browser; `address` is its own. */
export async function ask(
  fetch: FetchBytes,
  address: string,
  question: Partial<Question>,
  now: Date,
): Promise<PageAnswer> {
  const report = new Report();
  const facts = await verify(report, { question: questionOf(question), place: locate(address), now, fetch });
  const { colour, detail } = judge(report, facts);
  const lines = report.checks.map((check) => `${check.result} ${check.name}: ${check.detail}`);
  return { colour, detail, failed: report.failed?.name, missed: report.missed?.name, cid: facts.cid, lines };
}

/** A trustless gateway in memory, which has blocks by CID and nothing else. */
export function fetchOf(blocks: MemoryBlocks['blocks']): FetchBytes {
  return async (url): Promise<Answer> => {
    const [, cid = ''] = /\/ipfs\/([a-z0-9]+)\?format=raw$/.exec(url) ?? [];
    const bytes = blocks.get(cid)?.bytes;
    const type = bytes === undefined ? 'text/plain' : 'application/vnd.ipld.raw';
    return {
      status: bytes === undefined ? 404 : 200,
      type,
      bytes: Uint8Array.from(bytes ?? NOTHING),
      isRedirect: false,
    };
  };
}

/** Plain hosting of an edition, whose front page is also what a folder is answered with. */
export function hostingOf(held: MemoryBlocks, root: CID, folder: string): FetchBytes {
  return async (url): Promise<Answer> => {
    const path = new URL(url).pathname.slice(new URL(folder).pathname.length);
    const names = path === '' ? ['index.html'] : path.split('/').map(decodeURIComponent);
    const link = await resolvePath(root, names, held.read);
    if (link === undefined) return { status: 404, type: '', bytes: NOTHING, isRedirect: false };
    const bytes = Uint8Array.from(await readFile(link.cid, held.read, { limit: 1 << 26 }));
    return { status: 200, type: contentTypeOf(names.at(-1) ?? ''), bytes, isRedirect: false };
  };
}
