// The outline of an area with degrees around it, on the operator's base map where there is one: no tiles from elsewhere,
// and no borders of ours that would need anybody's approval.
import { useQuery } from '@tanstack/react-query'
import { geoArea, geoCentroid, geoGraticule, geoMercator, geoPath } from 'd3-geo'
import type { FeatureCollection, GeoJSON, MultiPolygon, Polygon, Position } from 'geojson'
import { useMemo } from 'react'
import type { Schema } from '../api/client'
import { baseMapQuery } from './baseMap'
import { useI18n } from './i18n'

const WIDTH = 720
const HEIGHT = 400
const PAD = 44

type Shape = Polygon | MultiPolygon

const isShape = (x: GeoJSON): x is Shape => x.type === 'Polygon' || x.type === 'MultiPolygon'

/** RFC 7946 winds outer rings anticlockwise; d3-geo wants them clockwise and else fills the rest of the globe. */
function wound(rings: Position[][]): Position[][] {
  const turned = rings.map((r) => [...r].reverse())
  return geoArea({ type: 'Polygon', coordinates: rings }) > 2 * Math.PI ? turned : rings
}

function forD3(shape: Shape): Shape {
  return shape.type === 'Polygon'
    ? { ...shape, coordinates: wound(shape.coordinates) }
    : { ...shape, coordinates: shape.coordinates.map(wound) }
}

/** Degrees between lines, so that a handful of them are seen. */
function step(span: number) {
  return [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02].find((s) => span / s >= 2.5) ?? 0.01
}

function drawing(shape: Shape, base?: Schema['BaseMap']) {
  const frame: [[number, number], [number, number]] = [
    [PAD, PAD],
    [WIDTH - PAD, HEIGHT - PAD],
  ]
  const projection = geoMercator().fitExtent(frame, shape)
  const path = geoPath(projection).digits(1)
  const corner = (x: number, y: number) => projection.invert?.([x, y]) ?? [0, 0]
  const [west, north] = corner(0, 0)
  const [east, south] = corner(WIDTH, HEIGHT)
  const by = step(Math.min(east - west, north - south))
  const lines = geoGraticule().extent([
    [west - by, south - by],
    [east + by, north + by],
  ])
  const many = (from: number, to: number) =>
    Array.from(
      { length: Math.max(0, Math.floor(to / by) - Math.ceil(from / by) + 1) },
      (_, i) => (Math.ceil(from / by) + i) * by,
    )
  const beneath = geoPath(
    geoMercator()
      .scale(projection.scale())
      .translate(projection.translate())
      .clipExtent([
        [0, 0],
        [WIDTH, HEIGHT],
      ]),
  )
    .digits(1)
    .pointRadius(2)
  return {
    base: base ? (beneath(base as unknown as FeatureCollection) ?? '') : '',
    area: path(shape) ?? '',
    grid: path(lines.step([by, by]).precision(by)()) ?? '',
    meridians: many(west, east).map((lon) => ({ degree: lon, at: projection([lon, south])?.[0] ?? 0 })),
    parallels: many(south, north).map((lat) => ({ degree: lat, at: projection([west, lat])?.[1] ?? 0 })),
    centre: projection(geoCentroid(shape)) ?? [0, 0],
    digits: by < 0.1 ? 2 : by < 1 ? 1 : 0,
  }
}

export function AreaMap({ geometry, title }: { geometry: GeoJSON; title: string }) {
  const { t } = useI18n()
  const { data: base } = useQuery(baseMapQuery)
  const map = useMemo(() => (isShape(geometry) ? drawing(forD3(geometry), base) : null), [geometry, base])
  if (!map) return <p className="soft">{t('web.map.unknown')}</p>
  const degrees = (n: number, sides: string) => `${Math.abs(n).toFixed(map.digits)}°${sides[n < 0 ? 1 : 0]}`
  const svg = (
    <svg className="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
      <path d={map.grid} fill="none" stroke="var(--river-100)" />
      {map.base && <path d={map.base} fill="none" stroke="var(--ink-400)" strokeLinejoin="round" />}
      <path
        d={map.area}
        fill="var(--gold-100)"
        stroke="var(--gold-700)"
        strokeWidth={2}
        strokeLinejoin="round"
        fillRule="evenodd"
      />
      <g transform={`translate(${map.centre.join(',')})`}>
        {Array.from({ length: 13 }, (_, i) => (
          <ellipse key={i} rx={2.4} ry={6.5} cy={-8.5} fill="var(--gold-500)" transform={`rotate(${(i * 360) / 13})`} />
        ))}
        <circle r={5.5} fill="var(--gold-900)" />
      </g>
      <g fontSize={13} fill="var(--ink-600)">
        {map.meridians.map((m) => (
          <text key={m.degree} x={m.at} y={HEIGHT - 12} textAnchor="middle">
            {degrees(m.degree, 'EW')}
          </text>
        ))}
        {map.parallels.map((p) => (
          <text key={p.degree} x={8} y={p.at + 4}>
            {degrees(p.degree, 'NS')}
          </text>
        ))}
      </g>
    </svg>
  )
  return (
    <figure className="stack tight">
      {svg}
      {base?.attribution && (
        <figcaption className="soft small" dir="auto">
          {base.attribution}
        </figcaption>
      )}
    </figure>
  )
}
