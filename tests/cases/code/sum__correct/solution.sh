total=0
while read -r -a words || [ ${#words[@]} -gt 0 ]; do
    for word in "${words[@]}"; do total=$((total + word)); done
    words=()
done
echo $((total))
