const encode = (text: string) => new TextEncoder().encode(text)
const base64 = (bytes: ArrayBuffer | Uint8Array) => btoa(String.fromCharCode(...new Uint8Array(bytes)))

/**
 * Signs each request with a key that is registered in the workspace (RFC 9421), its content by its digest (RFC 9530): give the
 * result to `connect` as `fetch`. The key is Ed25519 of WebCrypto and need not be extractable; `id` is what the workspace calls it.
 */
export function signing(id: string, key: CryptoKey, send: typeof fetch = globalThis.fetch): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const address = new URL(request.url)
    address.hash = ''
    const covered: [name: string, value: string][] = [
      ['@method', request.method],
      ['@target-uri', address.href],
    ]
    const content = await request.clone().arrayBuffer()
    if (content.byteLength > 0) {
      const digest = `sha-256=:${base64(await crypto.subtle.digest('SHA-256', content))}:`
      request.headers.set('Content-Digest', digest)
      covered.push(['content-digest', digest])
    }
    const authorization = request.headers.get('Authorization')
    if (authorization !== null) covered.push(['authorization', authorization])
    const nonce = base64(crypto.getRandomValues(new Uint8Array(16)))
    const names = covered.map(([name]) => `"${name}"`).join(' ')
    const params = `(${names});created=${Math.floor(Date.now() / 1000)};nonce="${nonce}";keyid="${id}";tag="helianthus"`
    const lines = [...covered, ['@signature-params', params]].map(([name, value]) => `"${name}": ${value}`)
    const signature = await crypto.subtle.sign('Ed25519', key, encode(lines.join('\n')))
    request.headers.set('Signature-Input', `helianthus=${params}`)
    request.headers.set('Signature', `helianthus=:${base64(signature)}:`)
    return send(request)
  }
}
