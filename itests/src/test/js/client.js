'use strict';
// A client of the Control API made with @grpc/grpc-js alone; the .proto files are read at run time.
//
// node client.js SOCKET PROTO_DIR plaintext|tls AUTHORITY
// Prints one line per step; a step that does not get what it should ends the program.

const assert = require('node:assert/strict');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [socket, protoDir, mode, authority] = process.argv.slice(2);

const definition = loader.loadSync(['api/control.proto', 'api/health.proto'], {
  includeDirs: [protoDir],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
  oneofs: true,
});
const { swarmkit } = grpc.loadPackageDefinition(definition).docker;

// The node's certificate is of the cluster's own root, and no name in it is that of a socket.
const credentials = mode === 'tls'
  ? grpc.credentials.createSsl(null, null, null, { rejectUnauthorized: false, checkServerIdentity: () => undefined })
  : grpc.credentials.createInsecure();
const options = authority ? { 'grpc.default_authority': authority } : {};

const control = new swarmkit.v1.Control(`unix:${socket}`, credentials, options);
const health = new swarmkit.v1.Health(`unix:${socket}`, credentials, options);

function call(client, method, request) {
  const deadline = new Date(Date.now() + 10_000);
  return new Promise((resolve, reject) =>
    client[method](request, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer))));
}

async function refused(promise, code) {
  const error = await promise.then(() => assert.fail('not refused'), (e) => e);
  assert.equal(error.code, code, error.message);
  return error.details;
}

const steps = {
  async health() {
    assert.deepEqual(await call(health, 'Check', { service: 'ControlAPI' }), { status: 'SERVING' });
  },

  async cluster() {
    const { clusters } = await call(control, 'ListClusters', {});
    assert.equal(clusters.length, 1);
    assert.equal(clusters[0].spec.annotations.name, 'default');
    assert.match(clusters[0].root_ca.join_tokens.worker, /^SWMTKN-1-/);
    assert.equal(clusters[0].root_ca.ca_key.length, 0, 'the key of the root stays inside');
  },

  async create() {
    const spec = {
      annotations: { name: 'peer', labels: { made: 'by grpc-js' } },
      task: { container: { image: 'osmia/host', command: ['sleep', '100000'], env: ['A=1'] } },
      replicated: { replicas: 0 },
    };
    const { service } = await call(control, 'CreateService', { spec });
    assert.match(service.id, /^[0-9a-z]{25}$/);
    assert.deepEqual(service.spec.annotations.labels, { made: 'by grpc-js' });
    assert.deepEqual(service.spec.task.container.command, ['sleep', '100000']);
    const again = await refused(call(control, 'CreateService', { spec }), grpc.status.ALREADY_EXISTS);
    assert.match(again, /peer/);
    return service;
  },

  async list({ create }) {
    const all = await call(control, 'ListServices', {});
    assert.deepEqual(all.services.map((s) => s.id), [create.id]);
    const named = await call(control, 'ListServices', { filters: { name_prefixes: ['nobody'] } });
    assert.deepEqual(named.services, []);
  },

  async update({ create }) {
    const spec = structuredClone(create.spec);
    spec.annotations.labels = { made: 'by grpc-js', changed: 'yes' };
    const request = { service_id: create.id, service_version: create.meta.version, spec };
    const { service } = await call(control, 'UpdateService', request);
    assert.equal(service.spec.annotations.labels.changed, 'yes');
    assert.deepEqual(service.previous_spec.annotations.labels, { made: 'by grpc-js' });
    assert.ok(BigInt(service.meta.version.index) > BigInt(create.meta.version.index));
    assert.match(await refused(call(control, 'UpdateService', request), grpc.status.UNKNOWN), /update out of sequence/);
    const read = await call(control, 'GetService', { service_id: create.id });
    assert.deepEqual(read.service, service);
  },

  async remove({ create }) {
    await call(control, 'RemoveService', { service_id: create.id });
    await refused(call(control, 'GetService', { service_id: create.id }), grpc.status.NOT_FOUND);
  },
};

async function main() {
  const results = {};
  for (const [name, step] of Object.entries(steps)) {
    results[name] = await step(results);
    console.log(name);
  }
  control.close();
  health.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
