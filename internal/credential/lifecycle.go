package credential

import "github.com/helianthus-gi/helianthus/internal/lifecycle"

// Status says whether a credential holds.
type Status string

// The statuses. A revoked credential stays revoked.
const (
	Holds   Status = "valid"
	OnHold  Status = "suspended"
	Revoked Status = "revoked"
)

// Act is what an officer does with a credential.
type Act string

// The acts.
const (
	Suspend Act = "suspend"
	Resume  Act = "resume"
	Revoke  Act = "revoke"
)

var moves = lifecycle.Table[Status, Act]{
	{From: Holds, Act: Suspend, To: OnHold},
	{From: OnHold, Act: Resume, To: Holds},
	{From: Holds, Act: Revoke, To: Revoked},
	{From: OnHold, Act: Revoke, To: Revoked},
}
