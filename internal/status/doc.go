// Package status answers the one question that partners, customs officers and buyers ask: may a product carry this name in
// this market on this day, and may this holder use it?
//
// The answer is yes, no or unknown, with reasons; each reason cites the published record that it rests on, who published
// it, its sources and how old they are. Three rules come before all others: what nobody published is unknown and never
// no; an end counts from its day on and not before; publishers that contradict each other make an unknown, with the
// reasons of both.
//
// The rule is Answer, a pure function from a Question and Facts. Facts are read from publications to everybody, in the
// version that holds, in one round trip; nothing of any tenant's own tables is looked at.
//
// A holder may use a name when it holds the registration, or when whoever publishes the registration also publishes that it may use
// the mark (package marks). A producer is asked for by its credit code; its end says no from its day on, as soon as it is published.
package status
