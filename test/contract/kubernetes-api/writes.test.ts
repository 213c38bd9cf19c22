// Creating and replacing objects: what the server fills in, what it refuses and in which words.

import { beforeAll, expect, it } from 'vitest';
import { contract } from './api-under-test.ts';

contract('writes', (api) => {
  let configMaps: string;
  let namespace: string;

  beforeAll(async () => {
    namespace = await api.namespace();
    configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
  });

  const configMap = (metadata: object, rest: object = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    ...rest,
  });

  it('give a new object its uid, version, time and owner', async () => {
    const { code, body } = await api.post(
      configMaps,
      configMap({ name: 'first', labels: { a: 'b' } }, { data: { x: '1' } }),
    );
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'first', namespace, labels: { a: 'b' } });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Number(body.metadata.resourceVersion)).toBeGreaterThan(0);
    expect(body.metadata).not.toHaveProperty('generation');
    expect(body.metadata.managedFields).toEqual([
      {
        manager: 'contract',
        operation: 'Update',
        apiVersion: 'v1',
        time: expect.any(String),
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:x': {} }, 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } },
      },
    ]);
  });

  it('make up a name from a prefix', async () => {
    const { code, body } = await api.post(configMaps, configMap({ generateName: 'made-' }));
    expect(code).toBe(201);
    expect(body.metadata.name).toMatch(/^made-[a-z0-9]{5}$/);
    expect(body.metadata.generateName).toBe('made-');
  });

  it('refuse a name that is taken', async () => {
    await api.post(configMaps, configMap({ name: 'taken' }));
    const { code, body } = await api.post(configMaps, configMap({ name: 'taken' }));
    expect(code).toBe(409);
    expect(body).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      message: 'configmaps "taken" already exists',
      reason: 'AlreadyExists',
      details: { name: 'taken', kind: 'configmaps' },
      code: 409,
    });
  });

  it('refuse an object of another kind, namespace, name or version than the path', async () => {
    const kind = await api.post(configMaps, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'other' } });
    expect(kind.code).toBe(400);
    expect(kind.body).toMatchObject({
      reason: 'BadRequest',
      message: expect.stringContaining('cannot be handled as a ConfigMap'),
    });
    const version = await api.post(configMaps, {
      apiVersion: 'apps/v1',
      kind: 'ConfigMap',
      metadata: { name: 'other' },
    });
    expect(version.code).toBe(400);
    const place = await api.post(configMaps, configMap({ name: 'other', namespace: 'elsewhere' }));
    expect(place.body.message).toBe(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
    expect(place.code).toBe(400);
    const name = await api.put(`${configMaps}/first`, configMap({ name: 'second' }));
    expect(name.body.message).toBe('the name of the object (second) does not match the name on the URL (first)');
    expect(name.code).toBe(400);
  });

  it('refuse a new object that brings a version', async () => {
    const { code, body } = await api.post(configMaps, configMap({ name: 'versioned', resourceVersion: '5' }));
    expect(code).toBe(500);
    expect(body.message).toBe('resourceVersion should not be set on objects to be created');
  });

  it('refuse names and labels that are no names and labels, field by field', async () => {
    const nameless = await api.post(configMaps, configMap({}));
    expect(nameless.code).toBe(422);
    expect(nameless.body).toMatchObject({
      reason: 'Invalid',
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
      details: { kind: 'ConfigMap', causes: [{ reason: 'FieldValueRequired', field: 'metadata.name' }] },
    });
    const named = await api.post(configMaps, configMap({ name: 'A_b' }));
    expect(named.body.details).toMatchObject({
      name: 'A_b',
      kind: 'ConfigMap',
      causes: [
        {
          reason: 'FieldValueInvalid',
          field: 'metadata.name',
          message: expect.stringContaining('Invalid value: "A_b"'),
        },
      ],
    });
    const labelled = await api.post(configMaps, configMap({ name: 'labelled', labels: { 'a b': 'c d' } }));
    expect(labelled.code).toBe(422);
    expect(labelled.body.details.causes).toHaveLength(2);
    expect(labelled.body.details.causes[0]).toMatchObject({ reason: 'FieldValueInvalid', field: 'metadata.labels' });
    const held = await api.post(configMaps, configMap({ name: 'held', finalizers: ['nobody'] }));
    expect(held.code).toBe(422);
  });

  it('refuse values of a wrong type before anything else', async () => {
    const { code, body } = await api.post(configMaps, configMap({ name: 'typed' }, { data: { a: 1 } }));
    expect(code).toBe(400);
    expect(body).toMatchObject({ reason: 'BadRequest', code: 400 });
    expect(body.message).toContain(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal',
    );
  });

  it('drop unknown fields with a warning, silently, or not at all, as asked', async () => {
    const raw = configMap({ name: 'unknown', zz: 1 }, { dat: { a: '1' } });
    const warned = await api.post(`${configMaps}?dryRun=All`, raw);
    expect(warned.code).toBe(201);
    expect(warned.body).not.toHaveProperty('dat');
    expect([warned.headers['warning']].flat().join()).toContain('299 - "unknown field \\"dat\\""');
    const silent = await api.post(`${configMaps}?dryRun=All&fieldValidation=Ignore`, raw);
    expect(silent.code).toBe(201);
    expect(silent.headers).not.toHaveProperty('warning');
    const strict = await api.post(`${configMaps}?fieldValidation=Strict`, raw);
    expect(strict.code).toBe(400);
    expect(strict.body.message).toContain('strict decoding error: unknown field "metadata.zz", unknown field "dat"');
  });

  it('that are dry leave nothing behind', async () => {
    const { code, body } = await api.post(`${configMaps}?dryRun=All`, configMap({ name: 'dry' }));
    expect(code).toBe(201);
    expect(body.metadata).toHaveProperty('uid');
    expect(body.metadata).not.toHaveProperty('resourceVersion');
    expect((await api.get(`${configMaps}/dry`)).code).toBe(404);
    await api.post(configMaps, configMap({ name: 'wet' }, { data: { a: '1' } }));
    const changed = await api.patch(`${configMaps}/wet?dryRun=All`, 'merge', { data: { a: '2' } });
    expect(changed.body.data).toEqual({ a: '2' });
    const gone = await api.remove(`${configMaps}/wet?dryRun=All`);
    expect(gone.code).toBe(200);
    expect((await api.get(`${configMaps}/wet`)).body.data).toEqual({ a: '1' });
    expect((await api.post(`${configMaps}?dryRun=Some`, configMap({ name: 'odd' }))).code).toBe(422);
  });

  it('into a namespace that is not there are refused', async () => {
    const { code, body } = await api.post('/api/v1/namespaces/not-there/configmaps', configMap({ name: 'lost' }));
    expect(code).toBe(404);
    expect(body).toMatchObject({
      message: 'namespaces "not-there" not found',
      reason: 'NotFound',
      details: { name: 'not-there', kind: 'namespaces' },
    });
  });

  it('say what was not found', async () => {
    const { code, body } = await api.get(`${configMaps}/nothing`);
    expect(code).toBe(404);
    expect(body).toMatchObject({
      message: 'configmaps "nothing" not found',
      reason: 'NotFound',
      details: { name: 'nothing', kind: 'configmaps' },
    });
    const grouped = await api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/nothing`);
    expect(grouped.body).toMatchObject({
      message: 'deployments.apps "nothing" not found',
      details: { name: 'nothing', group: 'apps', kind: 'deployments' },
    });
    expect((await api.get('/apis/nobody.test/v1/things')).code).toBe(404);
    expect((await api.put(`${configMaps}/nothing`, configMap({ name: 'nothing' }))).code).toBe(404);
    expect((await api.remove(`${configMaps}/nothing`)).code).toBe(404);
  });

  it('by a method that does not fit are refused', async () => {
    const { code, body } = await api.post(`${configMaps}/first`, configMap({ name: 'first' }));
    expect(code).toBe(405);
    expect(body).toMatchObject({
      reason: 'MethodNotAllowed',
      message: 'the server does not allow this method on the requested resource',
    });
  });

  it('replace only the version that they name', async () => {
    const { body: before } = await api.post(configMaps, configMap({ name: 'replaced' }, { data: { a: '1' } }));
    const current = { ...before, data: { a: '2' } };
    const done = await api.put(`${configMaps}/replaced`, current);
    expect(done.code).toBe(200);
    expect(done.body.data).toEqual({ a: '2' });
    expect(Number(done.body.metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion));
    const stale = await api.put(`${configMaps}/replaced`, current);
    expect(stale.code).toBe(409);
    expect(stale.body).toMatchObject({
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "replaced": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'replaced', kind: 'configmaps' },
    });
    const other = await api.put(`${configMaps}/replaced`, configMap({ name: 'replaced', uid: 'another' }));
    expect(other.code).toBe(409);
    const unconditional = await api.put(
      `${configMaps}/replaced`,
      configMap({ name: 'replaced' }, { data: { a: '3' } }),
    );
    expect(unconditional.code).toBe(200);
    expect(unconditional.body.metadata.uid).toBe(before.metadata.uid);
  });

  it('that change nothing make no new version', async () => {
    const { body: before } = await api.post(configMaps, configMap({ name: 'same' }, { data: { a: '1' } }));
    const { body: after } = await api.put(`${configMaps}/same`, before);
    expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });

  it('cannot touch what only the server sets', async () => {
    const { body: before } = await api.post(configMaps, configMap({ name: 'fixed' }));
    const metadata = {
      ...before.metadata,
      creationTimestamp: '2001-01-01T00:00:00Z',
      selfLink: '/x',
      labels: { a: 'b' },
    };
    const { body: after } = await api.put(`${configMaps}/fixed`, { ...before, metadata });
    expect(after.metadata).toMatchObject({ labels: { a: 'b' }, creationTimestamp: before.metadata.creationTimestamp });
    expect(after.metadata).not.toHaveProperty('selfLink');
  });

  it('cannot change what is immutable', async () => {
    await api.post(configMaps, configMap({ name: 'sealed' }, { data: { a: 'b' }, immutable: true }));
    const { code, body } = await api.patch(`${configMaps}/sealed`, 'merge', { data: { a: 'c' } });
    expect(code).toBe(422);
    expect(body.details.causes).toEqual([
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: field is immutable when `immutable` is set',
        field: 'data',
      },
    ]);
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    await api.post(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'typed' } });
    const typed = await api.patch(`${secrets}/typed`, 'merge', { type: 'other' });
    expect(typed.code).toBe(422);
    expect(typed.body.details.causes[0]).toMatchObject({
      field: 'type',
      message: expect.stringContaining('field is immutable'),
    });
  });

  it('may be YAML', async () => {
    const body = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n`;
    const made = await api.ask(configMaps, { method: 'POST', body, type: 'application/yaml' });
    expect(made.code).toBe(201);
    expect(made.body.data).toEqual({ a: '1' });
    const other = await api.ask(configMaps, { method: 'POST', body, type: 'text/csv' });
    expect(other.code).toBe(415);
    expect(other.body.reason).toBe('UnsupportedMediaType');
    const broken = await api.ask(configMaps, { method: 'POST', body: '{"a":' });
    expect(broken.code).toBe(400);
  });
});
