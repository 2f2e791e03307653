# The body comes by the standard input, byte by byte as it was sent; the three headers and your secret by the environment.
body=$(mktemp)
trap 'rm "$body"' EXIT
cat > "$body"
age=$(($(date +%s) - WEBHOOK_TIMESTAMP))
[ "${age#-}" -le 300 ] # else somebody sends an old one again
key=$(printf %s "${WEBHOOK_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
own=$({ printf '%s.%s.' "$WEBHOOK_ID" "$WEBHOOK_TIMESTAMP"; cat "$body"; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
# While a secret is exchanged there are two signatures.
for signature in $WEBHOOK_SIGNATURE; do
  if [ "$signature" = "v1,$own" ]; then
    echo genuine
    exit
  fi
done
exit 1
