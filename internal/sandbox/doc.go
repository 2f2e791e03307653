// Package sandbox opens sandboxes: a county and a partner office with made-up records and a machine's credentials, in which a
// developer tries the API and needs nobody of ours for it.
//
// A sandbox is divided from the house, and from other sandboxes, by the database (migration 00120): its tenants see one
// another in the directory and nobody else, and what they publish, to everybody too, is read by them alone. They see
// nothing of the house either: no true fact is in a sandbox's feed or in its answers about a name, and no made-up one
// outside. The transparency log is the house's; it holds a commitment of what a sandbox publishes, which tells nothing to
// who does not have the opening, and can be proved like any other.
//
// Both tenants are demonstrations, and marked so wherever they are shown. A sandbox is made anew by opening another one; it
// is closed after Life. Its machine may not upload, import or have papers set: a stranger shall not use our store and press.
package sandbox
