// Countries as circles on the globe's degrees, on the operator's base map where there is one: no borders of ours that would
// need anybody's approval. Where a country's circle stands is a whole degree near the middle of its largest part, reckoned
// from Natural Earth's shapes at 1:50 million (public domain; npm world-atlas 2.0.2).
import { useQuery } from '@tanstack/react-query'
import { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo'
import type { FeatureCollection } from 'geojson'
import { useMemo } from 'react'
import { baseMapQuery } from './baseMap'
import { useI18n } from './i18n'
import PLACES from './places.json'

const WIDTH = 720
const HEIGHT = 350
const LARGEST = 26

/** How much of something is in a country, and how much of that is bad. */
export type MarketPoint = { country: string; amount: number; bad?: number }

const projection = geoEqualEarth().fitExtent(
  [
    [2, 2],
    [WIDTH - 2, HEIGHT - 2],
  ],
  { type: 'Sphere' },
)
const path = geoPath(projection).digits(1).pointRadius(1.5)
const SPHERE = path({ type: 'Sphere' }) ?? ''
const GRID = path(geoGraticule10()) ?? ''

const placeOf = (country: string) => {
  const place = (PLACES as Record<string, number[]>)[country]
  return place && projection([place[0] ?? 0, place[1] ?? 0])
}

/** The areas of the circles are as the amounts; the smallest ones stand on top. A table beside it says all of it in words. */
export function MarketMap({ points, title, unit }: { points: MarketPoint[]; title: string; unit: string }) {
  const { market, number } = useI18n()
  const { data: base } = useQuery(baseMapQuery)
  const beneath = useMemo(() => (base ? (path(base as unknown as FeatureCollection) ?? '') : ''), [base])
  const most = Math.max(1, ...points.map((p) => p.amount))
  const radius = (amount: number) => (amount > 0 ? Math.max(2.5, LARGEST * Math.sqrt(amount / most)) : 0)
  const circles = [...points]
    .sort((a, b) => b.amount - a.amount)
    .flatMap((p) => {
      const at = placeOf(p.country)
      return at ? [{ ...p, at }] : []
    })
  if (circles.length === 0) return null
  return (
    <figure className="stack tight">
      <svg className="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
        <path d={SPHERE} fill="none" stroke="var(--river-100)" />
        <path d={GRID} fill="none" stroke="var(--river-100)" />
        {beneath && <path d={beneath} fill="none" stroke="var(--ink-400)" strokeLinejoin="round" />}
        {circles.map(({ country, amount, bad, at }) => (
          <g key={country} transform={`translate(${at.join(',')})`}>
            <title>{`${market(country)} · ${number(amount)} ${unit}`}</title>
            <circle r={radius(amount)} fill="var(--river-500)" fillOpacity={0.45} stroke="var(--river-700)" />
            {bad ? <circle r={radius(bad)} fill="var(--rose-700)" fillOpacity={0.7} stroke="var(--rose-700)" /> : null}
          </g>
        ))}
      </svg>
      {base?.attribution && (
        <figcaption className="soft small" dir="auto">
          {base.attribution}
        </figcaption>
      )}
    </figure>
  )
}
