/** All kinds of homes: one file of the built program, because opening a file costs more than its size. Loaded when a home is opened. */
export { openCluster } from './cluster.ts';
export { openGatewayHome } from './gateway-home.ts';
export { openKubo } from './kubo.ts';
export { openPinningService } from './pinning-service.ts';
