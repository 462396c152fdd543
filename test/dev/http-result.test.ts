import { expect, test } from 'vitest';
import { toHttpAnswer } from '../../scripts/dev/http-result.ts';

function answer(returned: unknown) {
  const { status, headers, body } = toHttpAnswer(Buffer.from(JSON.stringify(returned)));
  return { status, headers, body: body.toString('utf8') };
}

test('status, headers and body of a result are what the caller gets', () => {
  expect(
    answer({ statusCode: 422, headers: { 'Content-Type': 'text/plain', 'X-Age': 7 }, body: '不' }),
  ).toEqual({
    status: 422,
    headers: { 'content-type': 'text/plain', 'x-age': '7' },
    body: '不',
  });
});

test('a result without a status code becomes the JSON body of a 200', () => {
  expect(answer({ hello: 1 })).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"hello":1}',
  });
});

test('a base64 body is decoded, and sent as it stands when it is not base64 after all', () => {
  expect(answer({ statusCode: 200, isBase64Encoded: true, body: 'aGk=' }).body).toBe('hi');
  expect(answer({ statusCode: 200, isBase64Encoded: true, body: 'not base64!' }).body).toBe('not base64!');
});

test('headers the platform keeps for itself are dropped', () => {
  const headers = {
    'X-Fc-Error-Type': 'mine',
    Connection: 'close',
    'Content-Length': '5',
    Date: 'today',
    Server: 'me',
    'Content-Disposition': 'attachment; filename=a',
    'X-Kept': 'yes',
  };

  expect(answer({ statusCode: 200, headers, body: '' }).headers).toEqual({ 'x-kept': 'yes' });
});
