import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OvnError } from '../errors.ts';
import { type Node, openNode } from '../node/node.ts';
import { findRepository, openRepository } from '../repo/open-repository.ts';
import { acquirePublishLock } from '../repo/publish-lock.ts';
import { type Repository, requirePaper } from '../repo/repository.ts';
import type { CommandContext, CommonOptions } from './run.ts';

/** An open repository with the embedded node on it. */
export interface RepositoryContext extends CommandContext {
  repository: Repository;
  node: Node;
  /** Waits for other publications, and says so. */
  lock(): Promise<AsyncDisposable>;
}

/** Opens the repository and the node, runs `work`, and closes both whatever happens. */
export async function withRepository<T>(
  options: CommonOptions,
  context: CommandContext,
  work: (context: RepositoryContext) => Promise<T>,
): Promise<T> {
  using repository = openRepository(locateRepository(options));
  await using node = await openNode(repository);
  return await work({ ...context, repository, node, lock: lockOf(repository, context) });
}

/** As {@link withRepository}, for what needs a paper of one's own: refused in a mirror. */
export function withPaper<T>(
  options: CommonOptions,
  context: CommandContext,
  work: (context: RepositoryContext) => Promise<T>,
): Promise<T> {
  return withRepository(options, context, async (open) => {
    requirePaper(open.repository);
    return work(open);
  });
}

/** As {@link withStoredRepository}, for what needs a paper of one's own: refused in a mirror. */
export function withStoredPaper<T>(
  options: CommonOptions,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  return withStoredRepository(options, async (repository) => {
    requirePaper(repository);
    return work(repository);
  });
}

/** The publish lock of a repository; who waits for it is told so. */
export function lockOf(
  { stateDir }: Repository,
  { signal, terminal }: Pick<CommandContext, 'signal' | 'terminal'>,
): () => Promise<AsyncDisposable> {
  const onWait = (): void => terminal.note('another ovn is at work here; waiting for it');
  return () => acquirePublishLock(stateDir, { signal, onWait });
}

/** For commands that can do without a repository, unless one was named. */
export async function withRepositoryIfAny<T>(
  options: CommonOptions,
  context: CommandContext,
  work: (context: RepositoryContext | undefined) => Promise<T>,
): Promise<T> {
  try {
    locateRepository(options);
  } catch (error) {
    if (options.repo !== undefined || !(error instanceof OvnError) || error.code !== 'not-found') throw error;
    return work(undefined);
  }
  return withRepository(options, context, work);
}

/** For commands that read the index alone: without the node, which takes longer to start. */
export async function withStoredRepository<T>(
  options: CommonOptions,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  using repository = openRepository(locateRepository(options));
  return await work(repository);
}

/** The folder of `--repo` itself, or the nearest one upward from here. */
export function locateRepository({ repo }: CommonOptions): string {
  if (repo === undefined) return findRepository(process.cwd());
  if (existsSync(join(repo, 'ovn.json'))) return resolve(repo);
  throw new OvnError('not-found', `there is no repository in ${repo}`, {
    hint: `ovn init ${repo} makes one.`,
  });
}
