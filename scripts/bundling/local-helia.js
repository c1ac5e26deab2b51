/**
 * Helia's index holds the node with a network beside the one without. We put our own network together, and without this every command
 * would load what that needs: esbuild shakes a module once, not for each file that it goes into.
 *
 * @type {import('esbuild').Plugin}
 */
export const LOCAL_HELIA = {
  name: 'local-helia',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@helia\/(bitswap|http|libp2p)$/ }, ({ importer, path }) =>
      /[\\/]helia[\\/]dist[\\/]src[\\/]index\.js$/.test(importer)
        ? { path, namespace: 'network' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'network' }, () => ({
      contents: 'export const withBitswap = undefined, withHTTP = undefined, withLibp2p = undefined;',
    }));
  },
};
