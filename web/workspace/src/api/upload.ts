import { api, body, type Schema } from './client'
import { Refusal } from './problem'

export type Step = 'hashing' | 'sending' | 'checking'
export type Progress = (step: Step, share: number) => void

const hex = (bytes: ArrayBuffer) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('')
const sha256 = async (file: File) => hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))

/** Types that browsers do not know or name wrongly, by the ending of the file's name. */
const TYPES: Record<string, string> = {
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
  geojson: 'application/geo+json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
export const mediaType = (file: File) =>
  TYPES[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? (file.type || 'application/octet-stream')

/** Sends the bytes as the presigned request says. With XMLHttpRequest, since fetch reports no progress of sending. */
function send(to: Schema['PresignedUpload'], file: File, onShare: (share: number) => void, signal?: AbortSignal) {
  return new Promise<void>((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open(to.method, to.url)
    for (const [name, value] of Object.entries(to.headers)) {
      if (!/^(host|content-length)$/i.test(name)) x.setRequestHeader(name, value) // the browser sets these itself
    }
    x.upload.onprogress = (e) => e.lengthComputable && onShare(e.loaded / e.total)
    x.onload = () => (x.status < 300 ? resolve() : reject(new Refusal(x.status, undefined)))
    x.onerror = () => reject(new Refusal(0, undefined))
    x.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    signal?.addEventListener('abort', () => x.abort())
    x.send(file)
  })
}

export type Wish = { purpose?: string; documentId?: string; signal?: AbortSignal }

/** Announces a file, sends it straight to the store and has it checked. Returns the document, ready or refused with the reason. */
export async function upload(file: File, onProgress: Progress, wish: Wish = {}): Promise<Schema['Document']> {
  onProgress('hashing', 0)
  const announced: Schema['DocumentUpload'] = {
    filename: file.name,
    size: file.size,
    mediaType: mediaType(file),
    sha256: await sha256(file),
    ...(wish.purpose && { purpose: wish.purpose }),
  }
  const path = wish.documentId && { id: wish.documentId }
  const awaited = await body(
    path
      ? api.POST('/api/v1/documents/{id}/versions', { params: { path }, body: announced })
      : api.POST('/api/v1/documents', { body: announced }),
  )
  onProgress('sending', 0)
  await send(awaited.upload, file, (share) => onProgress('sending', share), wish.signal)
  onProgress('checking', 1)
  return body(api.POST('/api/v1/documents/{id}/complete', { params: { path: { id: awaited.document.id } } }))
}
