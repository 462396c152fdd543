import { createServer } from 'node:http';
import { beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { admin, newDatabase, PASSWORD, settingsFor } from './databases.ts';
import { runScript } from './programs.ts';

let database = '';
beforeAll(async () => {
  database = await newDatabase();
});

const migrateWith = (changes: Record<string, string>) =>
  runScript('migrate.ts', { ...settingsFor(database), ...changes });

/** One line that names the setting, and nothing else; and never the password. */
async function refused(changes: Record<string, string>, line: string): Promise<void> {
  const { code, stdout, stderr } = await migrateWith(changes);
  expect(stderr).toBe(`${line}\n`);
  expect(stdout).toBe('');
  expect(code).toBe(1);
  expect(stderr).not.toContain(PASSWORD);
}

describe('npm run migrate says in one line what is wrong', () => {
  test('with the host', () =>
    refused(
      { MEMOBASE_MYSQL_HOST: 'nowhere.invalid' },
      'No host is known by the name nowhere.invalid. Check mysql_host.',
    ));

  test('with the port: nothing answers', () =>
    refused(
      { MEMOBASE_MYSQL_PORT: '1' },
      'Nothing answers on 127.0.0.1, port 1. Check mysql_host and mysql_port, or start the server.',
    ));

  test('with the port: it speaks something else', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    await refused(
      { MEMOBASE_MYSQL_PORT: port },
      `No answer from 127.0.0.1, port ${port}. Check mysql_host and mysql_port, and that the network (VPC, security group, white list of the instance) lets this machine through.`,
    );
  });

  test('with the password', () =>
    refused(
      { MEMOBASE_MYSQL_PASSWORD: 'wrong' },
      '127.0.0.1 refuses user memobase. Check mysql_username and mysql_password; an account that demands TLS needs mysql_use_ssl.',
    ));

  test('with the database', () =>
    refused(
      { MEMOBASE_MYSQL_DATABASE: 'absent' },
      'User memobase finds no database absent on 127.0.0.1. Check mysql_database, or create it.',
    ));

  test('with TLS: the authority is not known', () =>
    refused(
      { MEMOBASE_MYSQL_USE_SSL: 'true', MEMOBASE_MYSQL_HOST: 'localhost' },
      'The TLS certificate of localhost is not trusted (self-signed certificate in certificate chain). Set mysql_ca to the certificate of its authority.',
    ));

  test('with TLS: the certificate’s file is not there', () =>
    refused(
      { MEMOBASE_MYSQL_USE_SSL: 'true', MEMOBASE_MYSQL_CA: '/nowhere/ca.pem' },
      'mysql_ca names /nowhere/ca.pem, and there is no such file.',
    ));

  test('with the Lindorm settings, under their own names', async () => {
    const { code, stderr } = await runScript('migrate.ts', {
      ...settingsFor(database, 'lindorm'),
      MEMOBASE_LINDORM_TABLE_PASSWORD: 'wrong',
    });
    expect(stderr).toContain('Check lindorm_table_username and lindorm_table_password');
    expect(code).toBe(1);
  });
});

describe('TLS', () => {
  test('with the authority’s certificate, and without verifying, it connects encrypted', async () => {
    const secure = await newDatabase();
    await admin(`GRANT ALL ON \`${secure}\`.* TO 'tls'@'%' IDENTIFIED BY 'pw' REQUIRE SSL`);
    const settings = {
      ...settingsFor(secure),
      MEMOBASE_MYSQL_HOST: 'localhost',
      MEMOBASE_MYSQL_USERNAME: 'tls',
      MEMOBASE_MYSQL_PASSWORD: 'pw',
      MEMOBASE_MYSQL_USE_SSL: 'true',
    };
    const verified = await runScript('migrate.ts', {
      ...settings,
      MEMOBASE_MYSQL_CA: inject('mariaDb').caFile,
    });
    expect(verified.stderr).toBe('');
    expect(verified.code).toBe(0);
    const trusting = await runScript('migrate.ts', { ...settings, MEMOBASE_MYSQL_SSL_VERIFY: 'false' });
    expect(trusting.code).toBe(0);
    const plain = await runScript('migrate.ts', { ...settings, MEMOBASE_MYSQL_USE_SSL: 'false' });
    expect(plain.stderr).toContain('an account that demands TLS needs mysql_use_ssl');
    expect(plain.code).toBe(1);
  });
});
