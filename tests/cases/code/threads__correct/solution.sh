read n
for part in 0 1 2 3; do
    seq "$part" 4 $((n - 1)) | awk '{ total += $1 } END { print total }' > "$part" &
done
wait
cat 0 1 2 3 | awk '{ total += $1 } END { print total }'
