import { makeRepository, type TestRepository } from '../helpers/program.ts';
import { type Kubo, type KuboOptions, startKubo } from './kubo.ts';

/** A Kubo, and a paper to try with it; both are gone when it is disposed of. */
export interface KuboAndPaper extends AsyncDisposable {
  kubo: Kubo;
  paper: TestRepository;
  /** What a command of the paper printed. @throws when it fails */
  ovn(...args: readonly string[]): Promise<string>;
}

/** Starts the one with its options, and makes the other with its articles. */
export async function startKuboAndPaper(
  options: KuboOptions & Parameters<typeof makeRepository>[0],
): Promise<KuboAndPaper> {
  await using starting = new AsyncDisposableStack();
  const kubo = starting.use(await startKubo(options));
  const paper = starting.use(await makeRepository(options));
  const started = starting.move();
  return {
    kubo,
    paper,
    async ovn(...args) {
      const { code, stdout, stderr } = await paper.run(args);
      if (code !== 0) throw new Error(`ovn ${args.join(' ')}: ${stderr}`);
      return stdout;
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
