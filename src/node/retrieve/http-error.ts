import { OvnError } from '../../errors.ts';

/** The other side's doing in words. Codes beginning with HPE are those of the HTTP parser. */
export function explainHttp(error: unknown): OvnError {
  if (error instanceof OvnError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'HPE_HEADER_OVERFLOW') return new OvnError('limit', 'its header is too long');
  if (code.startsWith('HPE_')) return new OvnError('malformed', `it does not speak HTTP: ${code}`);
  if (['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(code))
    return new OvnError('io', 'it breaks off', { cause: error });
  return new OvnError('io', `it cannot be reached: ${code === '' ? message : code}`, { cause: error });
}
