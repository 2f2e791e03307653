curl -fsS -G "$HELIANTHUS_URL/api/v1/status" \
  --data-urlencode "name=wuyuan xiangrikui" -d market=XA -d on=2026-01-01
