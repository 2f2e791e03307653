package objectstore

import "testing"

func TestWhereLinksLead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		cfg  Config
		want string
	}{
		{"the bucket in the path", Config{Endpoint: "https://s3.example:9000"}, "https://s3.example:9000"},
		{"the bucket in the host name", Config{Endpoint: "https://oss.example", VirtualHosted: true}, "https://papers.oss.example"},
		{"through the product's own door", Config{Endpoint: "http://127.0.0.1:9000", Links: "https://gi.example"}, "https://gi.example"},
	} {
		c.cfg.Bucket, c.cfg.Region, c.cfg.AccessKey, c.cfg.SecretKey = "papers", "cn-north-1", "key", "secret"
		s, err := newStore(t.Context(), c.cfg)
		if err != nil || s.LinkOrigin() != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.name, s, err, c.want)
		}
	}
	for _, endpoint := range []string{"", "s3.example", "://"} {
		if s, err := newStore(t.Context(), Config{Endpoint: endpoint, Bucket: "papers", Region: "cn-north-1"}); err == nil {
			t.Errorf("%q was taken: %v", endpoint, s)
		}
	}
}
