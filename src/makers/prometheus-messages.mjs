// Runs Debian's prometheus against a page of one pump and keeps the bodies of the requests that its remote_write sends.
import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FORMATS = process.argv[2] ?? 'src/test/resources/formats';
const MESSAGES = 34;
let scrapes = 0;
const requests = [];
const page = createServer((request, response) => {
  const i = scrapes++;
  response.end(`# TYPE pump_flow gauge\npump_flow{pump="p1"} ${20 + ((i * 7919) % 13) / 10}\n`
    + `# TYPE pump_starts_total counter\npump_starts_total{pump="p1"} ${3 * i}\n`);
}).listen(0, '127.0.0.1', () => {
  const receiver = createServer((request, response) => {
    const parts = [];
    request.on('data', part => parts.push(part)).on('end', () => {
      response.writeHead(204).end();
      requests.push(Buffer.concat(parts));
      if (requests.length === MESSAGES) finish();
    });
  }).listen(0, '127.0.0.1', () => start(page.address().port, receiver.address().port));
});

const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
let program;
function start(target, receiver) {
  writeFileSync(join(folder, 'prometheus.yml'), `
global: {scrape_interval: 1s}
remote_write:
  - url: http://127.0.0.1:${receiver}/
    queue_config: {max_shards: 1, batch_send_deadline: 500ms}
    metadata_config: {send: false}
    write_relabel_configs: [{source_labels: [__name__], regex: 'pump_.*', action: keep}]
scrape_configs:
  - job_name: plant
    static_configs: [{targets: ['127.0.0.1:${target}'], labels: {instance: 'pumps:9100'}}]
`);
  program = spawn('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`,
    '--web.listen-address=127.0.0.1:0'], { stdio: 'ignore' });
}

function finish() {
  program.on('exit', () => {
    rmSync(folder, { recursive: true });
    process.exit(0);
  });
  const lines = requests.map(body => JSON.stringify({ value: body.toString('base64') }));
  writeFileSync(`${FORMATS}/real/prometheus.ndjson`, lines.join('\n') + '\n');
  console.log(`prometheus: ${lines.length} messages`);
  program.kill();
}
