// Writes the messages of JavaScript's producers: Confluent's own serializers, and a plain JSON.stringify as with KafkaJS.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as registry from '@confluentinc/schemaregistry';
import { create, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const FORMATS = process.argv[2] ?? 'src/test/resources/formats';
const MESSAGES = 34;
const START_S = 1700000000;
const flow = i => 20 + ((i * 7919) % 13) / 10;
mkdirSync(`${FORMATS}/real`, { recursive: true });

async function write(name, made) {
  const lines = [];
  for (let i = 0; i < MESSAGES; i++) {
    const value = await made(i);
    lines.push(JSON.stringify({ value: Buffer.from(value).toString('base64') }));
  }
  writeFileSync(`${FORMATS}/real/${name}.ndjson`, lines.join('\n') + '\n');
  console.log(`${name}: ${lines.length} messages`);
}

await write('json', i => JSON.stringify({ ts: (START_S + i) * 1000, shop: 's1', orders: flow(i), open: true, note: undefined }));

const client = new registry.MockClient({ baseURLs: ['mock://'] });
const config = { autoRegisterSchemas: false, useLatestVersion: true };
const schemas = {};
async function schema(subject, schemaType, text) {
  const id = await client.register(subject, { schemaType, schema: text });
  schemas[id] = { schemaType, schema: text };
}

const avsc = readFileSync(`${FORMATS}/reading.avsc`, 'utf8');
await schema('avro-value', 'AVRO', avsc);
const avro = new registry.AvroSerializer(client, registry.SerdeType.VALUE, config);
await write('confluent-avro', i => avro.serialize('avro', {
  at: (START_S + i) * 1000, pump: 'p1', flow: flow(i), pressure: i % 2 ? 1.25 : null, level: i,
  motor: { current: 1.5, heat: 61.5 }, state: 'ON', extra: { vibration: 0.125 }, counts: [1, 2],
  price: Buffer.from([7, 203]), running: true, day: 19675,
}));

const draft = JSON.stringify({
  $schema: 'http://json-schema.org/draft-07/schema#', title: 'Reading', type: 'object',
  properties: { at: { type: 'integer' }, pump: { type: 'string' }, flow: { type: 'number' } },
});
await schema('json-value', 'JSON', draft);
const json = new registry.JsonSerializer(client, registry.SerdeType.VALUE, config);
await write('confluent-json-schema', i => json.serialize('json', { at: (START_S + i) * 1000, pump: 'p1', flow: flow(i) }));

// the descriptors that MessageMaker.java wrote
const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync('target/makers/reading.desc')));
const Reading = files.getMessage('plant.Reading');
await schema('protobuf-value', 'PROTOBUF', readFileSync(`${FORMATS}/reading.proto`, 'utf8'));
const protobuf = new registry.ProtobufSerializer(client, registry.SerdeType.VALUE, config);
protobuf.registry.add?.(Reading);
await write('confluent-protobuf', i => protobuf.serialize('protobuf', create(Reading, {
  at: { seconds: BigInt(START_S + i), nanos: 0 }, pump: 'p1', flow: flow(i), level: i - 3, motor: { current: 1.5, heat: 61.5 },
  counts: [1n], cause: { case: 'text', value: 'worn' },
})));
writeFileSync(`${FORMATS}/real/confluent-schemas.json`, JSON.stringify(schemas, null, 1) + '\n');
