import { useMemo } from 'react'

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))

/** Seeds of a sunflower's head on Vogel's spiral: the nth at √n, turned by the golden angle. */
function seeds(count: number, scale: number) {
  return Array.from({ length: count }, (_, i) => {
    const r = scale * Math.sqrt(i + 0.5)
    return {
      x: r * Math.cos(i * GOLDEN_ANGLE),
      y: r * Math.sin(i * GOLDEN_ANGLE),
      r: 0.62 + r / 44,
      inner: i < count * 0.28,
    }
  })
}

/** The large flower of the sign-in page. */
export function SunflowerHead(props: React.SVGProps<SVGSVGElement>) {
  const head = useMemo(() => seeds(210, 2.05), [])
  const petals = 34 // a number of Fibonacci's, as on real flowers
  return (
    <svg viewBox="-50 -50 100 100" aria-hidden="true" {...props}>
      {Array.from({ length: petals }, (_, i) => (
        <path
          key={i}
          d="M0-27C4.6-34 4-44 0-49.5C-4-44-4.6-34 0-27Z"
          fill={i % 2 ? 'var(--gold-500)' : 'var(--gold-300)'}
          transform={`rotate(${(i * 360) / petals}) scale(${i % 2 ? 1 : 0.95})`}
        />
      ))}
      <circle r="31.5" fill="var(--gold-900)" />
      {head.map((s, i) => (
        <circle
          key={i}
          cx={s.x.toFixed(2)}
          cy={s.y.toFixed(2)}
          r={s.r.toFixed(2)}
          fill={s.inner ? 'var(--gold-700)' : 'var(--gold-300)'}
          fillOpacity={s.inner ? 0.95 : 0.8}
        />
      ))}
    </svg>
  )
}

/** The small mark: the river runs through the flower. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="-50 -50 100 100" aria-hidden="true">
      {Array.from({ length: 13 }, (_, i) => (
        <path
          key={i}
          d="M0-24C9-32 8-43 0-49C-8-43-9-32 0-24Z"
          fill="var(--gold-500)"
          transform={`rotate(${(i * 360) / 13})`}
        />
      ))}
      <circle r="26" fill="var(--gold-900)" />
      <path d="M-26 6C-12-4 8 14 26-2" stroke="var(--river-300)" strokeWidth="6" fill="none" strokeLinecap="round" />
    </svg>
  )
}
