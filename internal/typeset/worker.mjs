// A worker: jobs on stdin, documents on stdout, nothing else on either; what it has to say goes to stderr.
//
// A message is a 4-byte big-endian length and that many bytes of JSON, followed by the bytes it announces.
//   job:   {id, main, standard, drawing, created, files: [{path, size}]} and the files' bytes
//   reply: {id, ok, size, pages, rss, error} and `size` bytes of PDF, or of SVG for a drawing
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [modules, workspace, ...fonts] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'x.js'));
const { NodeCompiler } = require(path.join(modules, '@myriaddreamin/typst-ts-node-compiler'));
const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: fonts }] });

function send(header, body) {
  const json = Buffer.from(JSON.stringify({ ...header, rss: process.memoryUsage.rss(), size: body?.length ?? 0 }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  for (const part of body ? [length, json, body] : [length, json]) {
    for (let done = 0; done < part.length; ) {
      try {
        done += fs.writeSync(1, part, done);
      } catch (e) {
        if (e.code !== 'EAGAIN') throw e;
      }
    }
  }
}

function diagnostics(of) {
  return JSON.stringify(compiler.fetchDiagnostics(of)).slice(0, 4000);
}

function typeset(job, files) {
  try {
    for (const [name, bytes] of files) compiler.mapShadow(workspace + name, bytes);
    const result = compiler.compile({ mainFilePath: workspace + job.main, resetRead: true });
    if (result.hasError()) return send({ id: job.id, ok: false, error: diagnostics(result.takeError() ?? result.takeDiagnostics()) });
    const warnings = result.takeWarnings();
    if (warnings) return send({ id: job.id, ok: false, error: diagnostics(warnings) });
    const document = job.drawing
      ? Buffer.from(compiler.plainSvg(result.result))
      : compiler.pdf(result.result, { pdfStandard: job.standard, creationTimestamp: job.created });
    send({ id: job.id, ok: true, pages: result.result.numOfPages }, document);
  } catch (e) {
    send({ id: job.id, ok: false, error: String(e).slice(0, 4000) });
  } finally {
    for (const [name] of files) compiler.unmapShadow(workspace + name);
    compiler.evictCache(3); // keep what the last three documents used: a dossier has about as many languages
    globalThis.gc?.(); // the document's memory is freed when its handle is collected
  }
}

// The first document of a process would otherwise wait for the fonts and for Typst's own library.
try {
  const first = compiler.compile({ mainFileContent: '#set document(date: none)\n= Aa 五 ع\nAa 五 ع #table(columns: 2)[a][b]' });
  compiler.pdf(first.result, {});
} catch (e) {
  console.error(`warming up: ${e}`);
}

let chunks = [];
let held = 0;

// take returns the next n bytes, or nothing when they are not there yet.
function take(n) {
  if (held < n) return undefined;
  const all = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  chunks = all.length > n ? [all.subarray(n)] : [];
  held -= n;
  return all.subarray(0, n);
}

let length;
let job;
process.stdin.on('data', (data) => {
  chunks.push(data);
  held += data.length;
  for (;;) {
    if (length === undefined) {
      const b = take(4);
      if (!b) return;
      length = b.readUInt32BE(0);
    }
    if (!job) {
      const b = take(length);
      if (!b) return;
      job = JSON.parse(b.toString());
      job.size = job.files.reduce((sum, f) => sum + f.size, 0);
    }
    const b = take(job.size);
    if (!b) return;
    let at = 0;
    const files = job.files.map((f) => [f.path, b.subarray(at, (at += f.size))]);
    const next = job;
    length = job = undefined;
    typeset(next, files);
  }
});
process.stdin.on('end', () => process.exit(0)); // our parent closed the pipe, or is gone
