let zone: string | undefined // the reader's own

/** From now on days are those of a time zone: the tenant's, by whose day the server goes. */
export function reckonIn(timeZone: string | undefined) {
  zone = timeZone
}

/** Today, as the tenant's calendar has it: where the reader is, it may be tomorrow already, which is still to come for the server. */
export function today(): string {
  return new Intl.DateTimeFormat('sv', { timeZone: zone }).format(new Date()) // Swedish days are written as ISO 8601 has them
}
