export { OvnError } from './errors.ts';
