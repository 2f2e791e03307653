import { Fragment, type ReactNode } from 'react'

/** What is known of a record, each fact with its name; what there is nothing of is left out. Texts may run either way. */
export function FactList({ of, children }: { of: readonly (readonly [string, ReactNode])[]; children?: ReactNode }) {
  return (
    <dl className="facts">
      {of.map(
        ([name, value]) =>
          value && (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{typeof value === 'string' ? <bdi>{value}</bdi> : value}</dd>
            </Fragment>
          ),
      )}
      {children}
    </dl>
  )
}
