#!/usr/bin/env node
// Kept in syntax that old versions of Node understand, so that they can say what is missing. What Node has comes from
// process.getBuiltinModule: an import of node:fs costs a tenth of what Node takes to start.
const OLDEST = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < OLDEST) {
  console.error(
    `ovn needs Node ${OLDEST} or newer, and this is Node ${process.versions.node}. ` +
      'Install a newer Node, or run it inside the project with "npx ovn", which brings its own.',
  );
  process.exitCode = 1;
} else if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  console.log(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
} else {
  const cache = codeFolder(process.env);
  if (cache !== undefined) process.getBuiltinModule('node:module').enableCompileCache(cache);
  const { main } = await import('../dist/cli.js');
  process.exitCode = await main(process.argv.slice(2));
  // All is done. Where nothing waits to be printed, this spares what Node does to leave no memory behind.
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
}

/**
 * Where the compiled program is kept: not where Node would have it, in a folder for temporary files, where another user can lay code down
 * before we do. It is made here, for nobody else and a level at a time: Node never ends trying where nothing can be made and the system says
 * that the folder above is missing, as /proc does.
 */
function codeFolder({ XDG_CACHE_HOME: given = '', HOME, USERPROFILE }) {
  const { isAbsolute } = process.getBuiltinModule('node:path');
  const { existsSync, mkdirSync } = process.getBuiltinModule('node:fs');
  const cache = isAbsolute(given) ? given : `${HOME || USERPROFILE}/.cache`;
  const folder = `${cache}/openvoicenews/code`;
  if (!isAbsolute(cache)) return undefined;
  try {
    if (!existsSync(folder))
      for (const level of [cache, `${cache}/openvoicenews`, folder])
        if (!existsSync(level)) mkdirSync(level, 0o700);
  } catch {
    return existsSync(folder) ? folder : undefined;
  }
  return folder;
}
