package registry

import "github.com/helianthus-gi/helianthus/internal/problem"

// Severity is what a finding means for its row.
type Severity string

// The severities.
const (
	SeverityError      Severity = "error"      // the row cannot be written as it is
	SeverityCorrection Severity = "correction" // it was understood, but not as it stands; the officer may refuse it
	SeverityNote       Severity = "note"       // something to know
)

// Codes of findings in files.
var (
	CodeQuoteOpen     = problem.Field("import.quote-open")
	CodeCellsBeyond   = problem.Field("import.cells-beyond")
	CodeCharacterLost = problem.Field("import.character-lost")
	CodeFormulaError  = problem.Field("import.formula-error")
	CodeKind          = problem.Field("import.kind-unknown")
	CodeClass         = problem.Field("import.class-unknown")
	CodeClassDiffers  = problem.Field("import.class-differs")
	CodeNotGI         = problem.Field("import.not-a-gi")
	CodeTooLong       = problem.Field("import.too-long")

	CodeLineEncoding = problem.Field("import.line-encoding")
	CodeMended       = problem.Field("import.text-mended")
	CodeMerged       = problem.Field("import.merged-cell")
	CodeReadAs       = problem.Field("import.read-as")
	CodeDayReadAs    = problem.Field("import.day-read-as")
	CodeClassReadAs  = problem.Field("import.class-read-as")
	CodeTwoColumns   = problem.Field("import.two-columns")

	CodeClassUntaken   = problem.Field("import.class-untaken")
	CodeRegisterStatus = problem.Field("import.register-status")
	CodeRemoved        = problem.Field("import.removed")
	CodeDiffers        = problem.Field("import.differs")
)

// severities are of the codes that keep no row out; every other code is an error.
var severities = map[string]Severity{
	CodeLineEncoding: SeverityCorrection, CodeMended: SeverityCorrection, CodeMerged: SeverityCorrection, CodeReadAs: SeverityCorrection,
	CodeDayReadAs: SeverityCorrection, CodeClassReadAs: SeverityCorrection, CodeTwoColumns: SeverityCorrection,
	CodeClassUntaken: SeverityNote, CodeRegisterStatus: SeverityNote, CodeRemoved: SeverityNote, CodeDiffers: SeverityNote, CodeDuplicate: SeverityNote,
}

// SeverityOf returns what a finding's code means for its row.
func SeverityOf(code string) Severity {
	if s, ok := severities[code]; ok {
		return s
	}
	return SeverityError
}

// worst tells whether a row has an error, and whether something in it was corrected.
func worst(findings []RowProblem) (wrong, corrected bool) {
	for _, f := range findings {
		switch SeverityOf(f.Code) {
		case SeverityError:
			wrong = true
		case SeverityCorrection:
			corrected = true
		case SeverityNote:
		}
	}
	return wrong, corrected
}
