// Package archtest holds the tests that keep the house as it was designed: which package may know which, where SQL may
// come from, who may go around the door to tenant tables. It reads the source; there is nothing to call. For tests only.
package archtest
