const question = new URLSearchParams({ name: 'wuyuan xiangrikui', market: 'XA', on: '2026-01-01' })
const answer = await fetch(`${process.env.HELIANTHUS_URL}/api/v1/status?${question}`)
if (!answer.ok) throw new Error(await answer.text())
console.log((await answer.json()).answer)
