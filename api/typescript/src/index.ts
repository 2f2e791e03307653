// What a partner's program needs: typed calls, the change feed with resume, and proofs that need nobody's word.
export { canonical, sha256Hex } from './canonical.js'
export { type Client, connect, type House, Refused } from './client.js'
export { Altered, type Change, follow, type Followed, type Held, hold, Silent, Unlogged, verify } from './feed.js'
export { NotProved, openNote, readProof, verifyProof } from './log.js'
export { signing } from './sign.js'
export type { components, operations, paths } from './schema.js'
