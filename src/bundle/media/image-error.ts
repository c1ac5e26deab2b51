import { OvnError } from '../../errors.ts';

const EXPORT_AGAIN = 'open it in an image editor and export it again, or leave it out';

/** The error of a file that is not the image it should be. One sentence: which file, what is wrong, what to do. */
export function malformedImage(name: string, reason: string, advice = EXPORT_AGAIN): OvnError {
  return new OvnError('malformed', `${name}: ${reason}; ${advice}`);
}

/** The error of an image that is larger than MEDIA_LIMITS allow. */
export function oversizedImage(name: string, reason: string): OvnError {
  return new OvnError('limit', `${name}: ${reason}; export it smaller`);
}
