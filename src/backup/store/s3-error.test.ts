import { describe, expect, it } from 'vitest';
import { UserError } from '../../model/index.ts';
import { translateS3Error } from './s3-error.ts';

function translated(name: string): UserError {
  const error = translateS3Error(Object.assign(new Error('said the server'), { name }), 's3://shop/a');
  if (error instanceof UserError) return error;
  throw new Error(`not told: ${String(error)}`);
}

describe('an error of an S3 server', () => {
  it('says where credentials come from only where there were none', () => {
    expect(translated('CredentialsProviderError')).toMatchObject({
      code: 'store-refused',
      message: expect.stringContaining('s3://shop/a needs credentials, and none were found'),
      advice: expect.stringContaining('AWS_PROFILE'),
    });
    expect(translated('AccessDenied').advice).toContain('must permit to list, read, write');
    expect(translated('AccessDenied').advice).not.toContain('AWS_PROFILE');
  });
});
