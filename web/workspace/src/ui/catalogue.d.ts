/** The part of a catalogue that is said before somebody is signed in (catalogue.ts). */
declare module '*.json?door' {
  const messages: unknown
  export default messages
}
