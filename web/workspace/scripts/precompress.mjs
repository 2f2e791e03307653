// Compresses what was built, once and hard, so that the server never does it. index.html is filled for each request and stays plain.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const [dist] = process.argv.slice(2)

function* files(dir) {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name)
    if (statSync(path).isDirectory()) yield* files(path)
    else yield path
  }
}

for (const file of [...files(dist)]) {
  if (!/\.(js|css|svg|json)$/.test(file)) continue
  const content = readFileSync(file)
  if (content.length < 512) continue
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }),
  )
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
}
// Go embeds the folder, and without a build it must exist all the same.
writeFileSync(join(dist, '.gitkeep'), '')
