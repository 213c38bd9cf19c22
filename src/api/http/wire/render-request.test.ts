import { describe, expect, it } from 'vitest';
import { renderRequest } from './render-request.ts';

function textOf(rendered: ReturnType<typeof renderRequest>): string {
  return rendered.map((part) => Buffer.from(part as string).toString('latin1')).join('');
}

describe('a request', () => {
  const get = { method: 'GET', path: '/a?b=c', headers: { accept: 'x', 'impersonate-group': ['a', 'b'] }, body: null };

  it('goes out as HTTP/1.1', () => {
    expect(textOf(renderRequest(get, 'h:1'))).toBe(
      'GET /a?b=c HTTP/1.1\r\nhost: h:1\r\nconnection: keep-alive\r\naccept: x\r\nimpersonate-group: a\r\nimpersonate-group: b\r\n\r\n',
    );
  });

  it.each(['€', new Uint8Array([0xe2, 0x82, 0xac])])('counts the bytes of its body, not the characters', (body) => {
    const text = textOf(renderRequest({ ...get, method: 'POST', body }, 'h'));
    expect(text).toContain('\r\ncontent-length: 3\r\n\r\n\xe2\x82\xac');
  });

  it('sends header values as the bytes they are, beside a body in UTF-8', () => {
    const headers = { 'impersonate-user': Buffer.from('müller').toString('latin1') };
    const rendered = renderRequest({ ...get, method: 'POST', headers, body: '€' }, 'h');
    expect(textOf(rendered)).toContain(`impersonate-user: ${headers['impersonate-user']}\r\n`);
    expect(textOf(rendered)).toContain('\r\n\r\n\xe2\x82\xac');
  });

  it.each(['POST', 'PUT', 'PATCH'])('says that a %s has no body', (method) => {
    expect(textOf(renderRequest({ ...get, method }, 'h'))).toContain('content-length: 0\r\n');
  });

  it.each([
    [{ ...get, headers: { authorization: 'Bearer a\r\nx: y' } }],
    [{ ...get, headers: { authorization: 'Bearer a\n' } }],
    [{ ...get, headers: { 'impersonate-user': 'M€' } }],
    [{ ...get, path: '/a b' }],
    [{ ...get, path: '/a\r\nx: y' }],
  ])('that says more than it should is never sent: %j', (request) => {
    expect(() => renderRequest(request, 'h')).toThrow(expect.objectContaining({ code: 'ERR_REQUEST_INVALID' }));
  });
});
