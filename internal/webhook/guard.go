package webhook

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// errPrivate is met where a name leads to an address that is nobody's in public.
var errPrivate = errors.New("the address is not public")

// special are the blocks that are not reachable by everybody, of the registries that RFC 6890 set up, and those through which
// an IPv6 address leads to an IPv4 one.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
)

func prefixes(texts ...string) (all []netip.Prefix) {
	for _, t := range texts {
		all = append(all, netip.MustParsePrefix(t))
	}
	return all
}

// Public tells whether an address may be somebody's server on the Internet. An IPv4 address in the form of an IPv6 one
// is judged as what it is.
func Public(a netip.Addr) bool {
	if a = a.Unmap().WithZone(""); !a.IsValid() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// control is called between the choice of an address and the connection to it.
func control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !Public(to.Addr()) {
		return fmt.Errorf("%w: %s", errPrivate, address)
	}
	return nil
}
