// A worker: jobs on stdin, PDFs on stdout, nothing else on either.
//
// A message is a 4-byte big-endian length and that many bytes of JSON, followed by the bytes it announces.
//   job:   {id, main, standard, created, files: [{path, size}]} and the files' bytes
//   reply: {id, ok, size, pages, rss, error} and `size` bytes of PDF
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [modules, workspace, ...fonts] = process.argv.slice(2);
const require = createRequire(path.join(modules, 'x.js'));
const { NodeCompiler } = require(path.join(modules, '@myriaddreamin/typst-ts-node-compiler'));
const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontPaths: fonts }] });

function send(header, body) {
  const json = Buffer.from(JSON.stringify({ ...header, size: body?.length ?? 0 }));
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

function typeset(job, files) {
  try {
    for (const [name, bytes] of files) compiler.mapShadow(workspace + name, bytes);
    const result = compiler.compile({ mainFilePath: workspace + job.main, resetRead: true });
    if (result.hasError()) {
      const diagnostics = compiler.fetchDiagnostics(result.takeError() ?? result.takeDiagnostics());
      return send({ id: job.id, ok: false, rss: 0, error: JSON.stringify(diagnostics).slice(0, 4000) });
    }
    const pdf = compiler.pdf(result.result, { pdfStandard: job.standard, creationTimestamp: job.created });
    send({ id: job.id, ok: true, pages: result.result.numOfPages, rss: process.memoryUsage().rss }, pdf);
  } catch (e) {
    send({ id: job.id, ok: false, rss: 0, error: String(e).slice(0, 4000) });
  } finally {
    for (const [name] of files) compiler.unmapShadow(workspace + name);
    compiler.evictCache(3); // keep what the last three documents used
    globalThis.gc?.(); // the document's memory is freed when its handle is collected
  }
}

let buffer = Buffer.alloc(0);
let job = null;
process.stdin.on('data', (data) => {
  buffer = buffer.length ? Buffer.concat([buffer, data]) : data;
  for (;;) {
    if (!job) {
      if (buffer.length < 4) return;
      const length = buffer.readUInt32BE(0);
      if (buffer.length < 4 + length) return;
      job = JSON.parse(buffer.subarray(4, 4 + length).toString());
      job.need = job.files.reduce((sum, f) => sum + f.size, 0);
      buffer = buffer.subarray(4 + length);
    }
    if (buffer.length < job.need) return;
    let at = 0;
    const files = job.files.map((f) => [f.path, Buffer.from(buffer.subarray(at, (at += f.size)))]);
    buffer = buffer.subarray(at);
    const next = job;
    job = null;
    typeset(next, files);
  }
});
process.stdin.on('end', () => process.exit(0)); // our parent closed the pipe, or is gone
