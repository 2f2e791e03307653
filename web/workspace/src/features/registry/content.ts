import type { Texts } from '../../ui/i18n'
import type { Content } from './queries'

type Party = { names: Texts; code: string; address: Texts }

/** A registration's content as the form holds it: everything there, the empty as empty, the area's outline as text. */
export type Values = Required<Omit<Content, 'holder' | 'controlBody' | 'area' | 'hsCodes'>> & {
  hsCodes: string
  holder: Party
  controlBody: Party
  area: { words: Texts; geometry: string }
}

const party = (p: Content['holder']): Party => ({
  names: p?.names ?? {},
  code: p?.code ?? '',
  address: p?.address ?? {},
})

export const EMPTY: Content = { office: 'CN', names: [{ text: '', language: 'zh-Hans', kind: 'original' }] }

export function toValues(c: Content): Values {
  return {
    office: c.office,
    names: c.names,
    bases: c.bases ?? [],
    classes: c.classes ?? [],
    hsCodes: (c.hsCodes ?? []).join(', '),
    holder: party(c.holder),
    controlBody: party(c.controlBody),
    area: {
      words: c.area?.words ?? {},
      geometry: c.area?.geometry ? JSON.stringify(c.area.geometry, null, 1) : '',
    },
    specification: c.specification ?? [],
    link: c.link ?? {},
    quality: c.quality ?? [],
    sources: c.sources ?? [],
  }
}

/** Leaves out what is empty. Rows of lists stay where they are: problems name them by their number. */
function filled(x: unknown): unknown {
  if (Array.isArray(x)) return x.map((row) => filled(row) ?? {})
  if (typeof x === 'object' && x !== null) {
    const kept = Object.entries(x)
      .map(([key, value]) => [key, filled(value)] as const)
      .filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
    return kept.length ? Object.fromEntries(kept) : undefined
  }
  return x
}

/** The outline as GeoJSON. A feature, or a collection of one, is what map programs save: its geometry is taken. */
export function outline(text: string): Record<string, unknown> {
  let x = JSON.parse(text) as { type?: string; features?: unknown[]; geometry?: unknown }
  if (x.type === 'FeatureCollection' && x.features?.length === 1) x = x.features[0] as typeof x
  if (x.type === 'Feature' && x.geometry) x = x.geometry as typeof x
  return x as Record<string, unknown>
}

export function toContent({ area, ...v }: Values): Content {
  const hsCodes = v.hsCodes.split(/[\s,;，、]+/).filter(Boolean)
  const content = filled({ ...v, hsCodes, area: { words: area.words } }) as Content
  // An outline is kept as it is: what looks empty in GeoJSON means something.
  return area.geometry.trim() ? { ...content, area: { ...content.area, geometry: outline(area.geometry) } } : content
}
